import { mailsTo, readCode } from './mailbox.ts';
import { Program, until } from './process.ts';

/** `parley chat --demo`, talked to as a person at a terminal would: she reads, then types. */
export class TerminalChat {
  private readonly program: Program;
  private readonly mailbox: string;
  /** Lines read so far. */
  private read = 0;

  private constructor(program: Program, mailbox: string) {
    this.program = program;
    this.mailbox = mailbox;
  }

  static async open(locale: 'en' | 'zh'): Promise<TerminalChat> {
    const program = Program.parley(['chat', '--demo', '--locale', locale]);
    return new TerminalChat(program, `${await program.says(/its codes arrive: (http\S+)/)}/mailbox`);
  }

  get lines(): readonly string[] {
    return this.program.lines;
  }

  /** Waits for words that she has not read yet; the line they stand in. */
  async reads(words: string): Promise<string> {
    const unread = () => this.lines.findIndex((line, index) => index >= this.read && line.includes(words));
    await until(
      () => unread() >= 0,
      () => `${words} in:\n${this.lines.join('\n')}`,
    );
    this.read = unread() + 1;
    return this.lines[this.read - 1] ?? '';
  }

  async says(text: string, answer: string): Promise<string> {
    this.program.child.stdin?.write(`${text}\n`);
    return this.reads(answer);
  }

  /** Gives her address, reads her mail, gives the code. */
  async proves(email: string, asked: string, answer: string): Promise<void> {
    const seen = (await mailsTo(this.mailbox, email)).length;
    await this.says(email, asked);
    await this.says(await readCode(this.mailbox, email, seen), answer);
  }

  /** Types the number before an offered answer. */
  async picks(label: string, answer: string): Promise<string> {
    let number: string | undefined;
    await until(
      () => {
        const line = this.lines.findLast((line) => /^ {3}\d+\. /.test(line) && line.includes(label));
        number = line === undefined ? undefined : /\d+/.exec(line)?.[0];
        return number !== undefined;
      },
      () => `${label} on offer in:\n${this.lines.join('\n')}`,
    );
    return this.says(number ?? '', answer);
  }

  /** Its exit code. */
  async quits(): Promise<number | string | null> {
    this.program.child.stdin?.end('/quit\n');
    await until(() => this.program.ended, 'the end of the chat');
    return this.program.end('SIGTERM');
  }
}
