import { SaxesParser } from 'saxes';
import { ParleyError } from '#channel';

/** What stands in an element: text, other elements by their names, or, where a name comes several times, all of them. */
export type XmlValue = string | XmlFields | readonly (string | XmlFields)[];
export type XmlFields = { readonly [name: string]: XmlValue };

/** Bytes. Tencent's messages have a tenth of it. */
const MOST_BYTES = 64 * 1024;
/** Elements in each other; Tencent's go down to four. */
const MOST_DEPTH = 8;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * What stands in a document's only element. Texts stay texts: "007" is no 7. There are no documents of types, no entities but the five
 * of XML itself, no depth and no length that could cost anything.
 * @throws `tencent.invalid_xml`
 */
export function readXml(bytes: Uint8Array): XmlFields {
  if (bytes.byteLength > MOST_BYTES) throw invalid(`It has more than ${MOST_BYTES} bytes.`);
  const root = new Element();
  const open = [root];
  const parser = new SaxesParser({ position: false });
  parser.on('doctype', () => {
    throw invalid('It has a DOCTYPE.');
  });
  parser.on('error', (error) => {
    throw invalid(error.message);
  });
  parser.on('opentag', () => {
    if (open.length > MOST_DEPTH) throw invalid(`Elements stand more than ${MOST_DEPTH} deep in each other.`);
    open.push(new Element());
  });
  const write = (text: string) => open.at(-1)?.write(text);
  parser.on('text', write);
  parser.on('cdata', write);
  parser.on('closetag', ({ name }) => {
    const closed = open.pop();
    open.at(-1)?.add(name, closed?.value ?? '');
  });
  parser.write(decoded(bytes)).close();
  const [content] = Object.values(root.fields);
  return typeof content === 'object' && !Array.isArray(content) ? (content as XmlFields) : {};
}

/** An element while it is read. */
class Element {
  readonly #children = new Map<string, (string | XmlFields)[]>();
  #text = '';

  write(text: string): void {
    this.#text += text;
  }

  add(name: string, child: string | XmlFields): void {
    const known = this.#children.get(name);
    if (known === undefined) this.#children.set(name, [child]);
    else known.push(child);
  }

  /** By `fromEntries`, which makes even `__proto__` a field like any other. */
  get fields(): XmlFields {
    return Object.fromEntries(
      [...this.#children].map(([name, [first = '', ...more]]) => [name, more.length === 0 ? first : [first, ...more]]),
    );
  }

  /** White space between elements says nothing. */
  get value(): string | XmlFields {
    return this.#children.size === 0 ? this.#text : this.fields;
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ParleyError('tencent.invalid_xml', 'The XML is not UTF-8.', { cause });
  }
}

function invalid(why: string): ParleyError {
  return new ParleyError('tencent.invalid_xml', `The XML is not taken. ${why}`);
}

/** What {@link writeXml} takes: numbers stand bare, texts in CDATA, a list repeats its name. */
export type XmlSource = { readonly [name: string]: XmlContent };
type XmlContent = string | number | XmlSource | readonly (string | number | XmlSource)[];

/** `<xml>…</xml>`, as Tencent writes it. Names are ours, and are taken as they are. */
export function writeXml(fields: XmlSource): string {
  return elementOf('xml', fields);
}

function elementOf(name: string, content: string | number | XmlSource): string {
  return `<${name}>${contentOf(content)}</${name}>`;
}

function contentOf(content: string | number | XmlSource): string {
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return `<![CDATA[${carried(content)}]]>`;
  return Object.entries(content)
    .flatMap(([name, value]) => [value].flat().map((each) => elementOf(name, each as string | number | XmlSource)))
    .join('');
}

/** A `]]>` would end the CDATA and let a customer write elements: it is split over two. What XML cannot carry at all is left out. */
function carried(text: string): string {
  return text.replaceAll(UNSPEAKABLE, '').replaceAll(']]>', ']]]]><![CDATA[>');
}

/** All but the characters of https://www.w3.org/TR/xml/#charsets */
const UNSPEAKABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
