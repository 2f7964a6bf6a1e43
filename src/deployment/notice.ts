import { stringify } from 'yaml';
import type { FlowText } from '../flow/flows.ts';
import { SETTINGS_FILE, type Settings } from './settings.ts';

/**
 * `notice:` of `parley.yaml` is short for a `session_start` flow that says it: who talks to a bot is told so at first contact
 * (the law of the EU, California and others), unless the business says that she is told elsewhere.
 */
export function noticeFlow(notice: Settings['notice']): FlowText | 'shipped' | 'none' {
  if (notice === undefined) return 'shipped';
  if (notice === false) return 'none';
  const text = stringify({ flow: 'session_start', steps: [{ say: notice }] });
  return { file: SETTINGS_FILE, text, pattern: 'session_start' };
}
