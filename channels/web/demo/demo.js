// The demo shop's page: its words in two languages, the people to try, and their mailbox. The chat itself is the one script tag
// at the end of index.html; nothing here is needed for it.

const WORDS = {
  en: {
    eyebrow: 'A made-up shop, a real conversation',
    title: 'Good things for the place you live.',
    lead: 'Ask about an order, send something back, or dispute a charge. The assistant in the corner does it; a person is always one tap away.',
    chat: 'Open the chat',
    mailboxLink: 'Look into a mailbox',
    people: 'People to try',
    peopleLead:
      'Be one of them: copy what they would say and paste it into the chat. One-time codes arrive in their mailbox below.',
    mailbox: 'Mailbox',
    mailboxLead: 'What the shop has mailed to an address, newest first.',
    address: 'Address',
    look: 'Look',
    footer: 'Northwind Home does not exist. Everything you see runs on this machine.',
    copy: 'Copy',
    copied: 'Copied',
    noPeople: 'The shop does not answer. Is it running? `npm start` starts it.',
    noMail: 'No mail here yet.',
    open: 'Open mailbox',
    fields: { orders: 'Orders', wrong_charge: 'Wrong charge', foreign_order: 'Somebody else’s order' },
    shows: 'shows',
    statuses: {},
  },
  zh: {
    eyebrow: '虚构的商店，真实的对话',
    title: '为您的家，选好物。',
    lead: '查询订单、办理退货、对账单提出异议，右下角的助手都能办好；需要时，随时可以转人工客服。',
    chat: '打开聊天',
    mailboxLink: '查看邮箱',
    people: '可以扮演的人',
    peopleLead: '选一位，复制他们会说的话，粘贴到聊天里。一次性验证码会发到下面的邮箱。',
    mailbox: '邮箱',
    mailboxLead: '商店发往该地址的邮件，最新的在前。',
    address: '邮箱地址',
    look: '查看',
    footer: 'Northwind Home 并不存在。您看到的一切都运行在这台机器上。',
    copy: '复制',
    copied: '已复制',
    noPeople: '商店没有应答。它在运行吗？请用 npm start 启动。',
    noMail: '还没有邮件。',
    open: '打开邮箱',
    fields: { orders: '订单', wrong_charge: '错误的收费', foreign_order: '别人的订单' },
    shows: 'shows_zh',
    statuses: {
      processing: '处理中',
      packed: '已打包',
      shipped: '已发货',
      out_for_delivery: '派送中',
      delivered: '已送达',
      lost: '已丢失',
      cancelled: '已取消',
    },
  },
};

let words = WORDS.en;
const people = document.querySelector('#people');
const mail = document.querySelector('#mail');
const form = document.querySelector('form');
const table = loadPeople();

speak(new URLSearchParams(location.search).get('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));
for (const button of document.querySelectorAll('[data-speak]')) button.onclick = () => speak(button.dataset.speak);
document.querySelector('[data-chat]').onclick = () => document.querySelector('parley-chat').setAttribute('open', '');
form.onsubmit = (event) => {
  event.preventDefault();
  void showMail(form.address.value);
};

function speak(language) {
  words = WORDS[language] ?? WORDS.en;
  document.documentElement.lang = words === WORDS.zh ? 'zh' : 'en';
  for (const element of document.querySelectorAll('[data-words]')) element.textContent = words[element.dataset.words];
  for (const button of document.querySelectorAll('[data-speak]'))
    button.ariaPressed = String(button.dataset.speak === document.documentElement.lang);
  void showPeople();
}

/** An array of people, or undefined when the shop is away. */
async function loadPeople() {
  try {
    const answer = await fetch('/demo/people.json');
    const list = answer.ok ? await answer.json() : undefined;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

async function showPeople() {
  const list = await table;
  people.replaceChildren(...(list ? list.map(personCard) : [element('p', words.noPeople)]));
}

/** Whatever the shop tells about somebody: known fields by their names, sentences and numbers as things to copy. */
function personCard({ name, email, try: tries = [], ...rest }) {
  const card = element('article');
  card.append(element('h3', name ?? email ?? ''));
  const shows = rest[words.shows] ?? rest.shows;
  if (shows) card.append(element('p', shows));
  if (email) {
    const open = element('button', words.open);
    open.type = 'button';
    open.onclick = () => {
      form.address.value = email;
      document.querySelector('#mailbox').scrollIntoView();
      void showMail(email);
    };
    card.append(copies(email, open));
  }
  for (const { say } of tries) if (say) card.append(copies(say));
  for (const [field, label] of Object.entries(words.fields)) {
    const values = [rest[field] ?? []].flat();
    if (values.length > 0) card.append(element('small', label), copies(...values.map(valueButton)));
  }
  return card;
}

/** An order, a charge or a number: its identifier is what gets copied. */
function valueButton(value) {
  if (typeof value !== 'object') return copyButton(String(value));
  const { id, invoice, status, label } = value;
  return copyButton(
    String(id ?? invoice),
    [id ?? invoice, words.statuses[status] ?? status ?? label].filter(Boolean).join(' · ').replaceAll('_', ' '),
  );
}

function copies(...what) {
  const row = element('div');
  row.className = 'copies';
  row.append(...what.map((one) => (typeof one === 'string' ? copyButton(one) : one)));
  return row;
}

function copyButton(text, shown = text) {
  const button = element('button', shown);
  button.type = 'button';
  button.title = words.copy;
  button.onclick = async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = words.copied;
    setTimeout(() => {
      button.textContent = shown;
    }, 1200);
  };
  return button;
}

async function showMail(address) {
  const answer = await fetch(`/demo/mailbox/${encodeURIComponent(address)}`);
  const body = answer.ok ? await answer.json() : [];
  const letters = Array.isArray(body) ? body : (body.mail ?? body.messages ?? []);
  mail.replaceChildren(...(letters.length > 0 ? letters.map(letter) : [element('p', words.noMail)]));
}

function letter({ subject, text, ...rest }) {
  const card = element('article');
  card.append(element('h3', subject ?? ''), element('p', text ?? ''));
  const code = rest.code ?? /\b\d{6}\b/.exec(text ?? '')?.[0];
  if (code) card.append(copies(String(code)));
  return card;
}

function element(tag, text = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
