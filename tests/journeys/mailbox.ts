import { until } from './process.ts';

interface Mail {
  readonly code: string | null;
}

/**
 * The newest one-time code that the shop mailed, as a person would read it.
 * @param url where mailboxes are: `http://…/mailbox` of the shop, `http://…/demo/mailbox` of the demo
 * @param seen how many mails she had before: only a later one counts
 */
export async function readCode(url: string, email: string, seen = 0): Promise<string> {
  let mails: Mail[] = [];
  await until(async () => {
    mails = await mailsTo(url, email);
    return mails.length > seen;
  }, `a code mailed to ${email}`);
  return mails[0]?.code ?? '';
}

export async function mailsTo(url: string, email: string): Promise<Mail[]> {
  const answer = await fetch(`${url}/${encodeURIComponent(email)}`);
  return (await answer.json()) as Mail[];
}
