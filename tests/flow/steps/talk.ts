import { type BotSetting, botOf, Talk, type TalkSetting } from '../../support/flows.ts';

/** A conversation with one flow of these steps, begun. `header` are further lines of the flow. */
export function run(
  steps: string,
  { header = '', ...setting }: BotSetting & TalkSetting & { header?: string } = {},
): Talk {
  return new Talk(botOf(flowOf(steps, header), setting), setting).start('f');
}

export const flowOf = (steps: string, header = ''): string =>
  `flow: f\ntriggers: {examples: {en: [f]}}\n${header}\nsteps:\n${steps}\n`;

/** What is said when a flow has ended well. */
export const MORE = 'Is there anything else I can do for you?';

export const connectors = `
connectors:
  things:
    find: {effect: read, in: {id: string}, out: Thing?, errors: [hidden], timeout: 3s}
    make: {effect: write, in: {id: string}, out: {made: string}}
    made: {effect: read, in: {key: string}, out: Made?}
types:
  Thing: {id: string, name: string}
  Made: {made: string}
`;
