import { isWeb, type Message, ParleyError, type Part } from '#channel';
import type { WechatSettings } from './settings.ts';
import { plainOf } from './words.ts';

/**
 * The only thing that may be sent when the window is closed. Its fields are filled with what the operator has chosen for each.
 * @throws `wechat.unknown_template`
 */
export function templateOf(
  { template: name = '', text, card, links = [] }: Message,
  { templates }: WechatSettings,
): Part {
  const known = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (known === undefined)
    throw new ParleyError('wechat.unknown_template', `The WeChat account has no template "${name}".`, {
      hint: `Write its id at the platform into parley.yaml: templates: {${name}: {id: …}}`,
    });
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries((card?.fields ?? []).map((field) => [field.name, field.value])),
    text: plainOf(text),
    title: card?.title ?? plainOf(text),
  };
  const data = Object.entries(known.data).map(([field, source]) => [field, { value: values[source] ?? '' }]);
  const url = [...links, ...(card?.links ?? [])].map((each) => each.url).find(isWeb);
  return { template_id: known.id, data: Object.fromEntries(data), ...(url === undefined ? {} : { url }) };
}
