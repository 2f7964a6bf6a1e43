import { styleText } from 'node:util';

/** Where a command writes: results to `stdout`, so that they can be piped; everything about how it goes to `stderr`. */
export interface Terminal {
  /** A result. */
  print(text: string): void;
  /** A remark to the person. */
  tell(text: string): void;
  /** What is being done right now: one line that the next one replaces; only on a terminal. */
  progress(text: string): void;
  /** Takes away the progress line. */
  done(): void;
  /** Colours `text` where `stdout` is a terminal and `NO_COLOR` is not set. */
  paint(style: Style, text: string): string;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

export function systemTerminal(): Terminal {
  endQuietlyWhenNobodyReads();
  const { stdout, stderr } = process;
  let pending = false;
  const done = () => {
    if (pending) stderr.write('\r\u001b[2K');
    pending = false;
  };
  return {
    print(text) {
      done();
      stdout.write(`${text}\n`);
    },
    tell(text) {
      done();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!stderr.isTTY) return;
      done();
      stderr.write(text.slice(0, stderr.columns - 1));
      pending = true;
    },
    done,
    paint: (style, text) => styleText(style, text, { stream: stdout }),
  };
}

/** `parley check | head` closes our output early: that is its right, and no error. */
function endQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
