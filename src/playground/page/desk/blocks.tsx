import type { Block, Element } from '../../../../channels/slack/simulator/blocks.ts';
import { useDesk } from './desk-view.ts';
import { FieldView } from './field.tsx';
import { Text } from './text.tsx';

type Touch = (block: string, action: string, value?: string) => void;

interface BlocksParts {
  readonly blocks: readonly Block[];
  readonly touch: Touch;
  /** What the app finds wrong, by its block. */
  readonly mistakes?: Readonly<Record<string, string>>;
}

/** Block Kit, as a client draws it: https://docs.slack.dev/reference/block-kit/blocks */
export function Blocks({ blocks, touch, mistakes = {} }: BlocksParts) {
  return (
    <>
      {blocks.map((block) => (
        <BlockView
          key={String(block.block_id)}
          block={block}
          touch={touch}
          mistake={mistakes[String(block.block_id)]}
        />
      ))}
    </>
  );
}

interface BlockParts {
  readonly block: Block;
  readonly touch: Touch;
  readonly mistake: string | undefined;
}

function BlockView({ block, touch, mistake }: BlockParts) {
  const { text, fields, accessory, elements, element, label, optional } = block;
  const id = String(block.block_id);
  const own = (action: string, value?: string) => touch(id, action, value);
  switch (block.type) {
    case 'header':
      return (
        <h4 class="block-header">
          <Text of={text} />
        </h4>
      );
    case 'divider':
      return <hr />;
    case 'section':
      return (
        <div class="section">
          <div class="section-text">
            {text !== undefined && <Text of={text} />}
            {Array.isArray(fields) && (
              <div class="fields">
                {fields.map((field, at) => (
                  <p key={at}>
                    <Text of={field} />
                  </p>
                ))}
              </div>
            )}
          </div>
          {isElement(accessory) && <ElementView element={accessory} touch={own} label={lettersIn(text)} />}
        </div>
      );
    case 'context':
      return (
        <p class="context">
          {listOf(elements).map((each, at) => (
            <Text key={at} of={each} />
          ))}
        </p>
      );
    case 'actions':
      return (
        <div class="actions">
          {listOf(elements)
            .filter(isElement)
            .map((each) => (
              <ElementView key={each.action_id} element={each} touch={own} label="" />
            ))}
        </div>
      );
    case 'input':
      return isElement(element) ? (
        <FieldView
          block={id}
          element={element}
          label={lettersIn(label)}
          isOptional={optional === true}
          mistake={mistake}
        />
      ) : null;
    default:
      return null;
  }
}

interface ElementParts {
  readonly element: Element & { readonly style?: string; readonly initial_option?: { readonly value: string } };
  readonly touch: (action: string, value?: string) => void;
  readonly label: string;
}

function ElementView({ element, touch, label }: ElementParts) {
  const { words } = useDesk();
  const { type, action_id: action = '', text, style, options = [], initial_option: initial } = element;
  if (type === 'button')
    return (
      <button type="button" class="act" data-style={style} onClick={() => touch(action)}>
        {text?.text}
      </button>
    );
  if (type !== 'static_select') return null;
  return (
    <select
      class="pick"
      aria-label={label.replaceAll('*', '') || words.choose}
      value={initial?.value ?? ''}
      onChange={({ currentTarget: { value } }) => value !== '' && touch(action, value)}
    >
      {initial === undefined && <option value="">{words.choose}</option>}
      {options.map(({ value, text }) => (
        <option key={value} value={value}>
          {text.text}
        </option>
      ))}
    </select>
  );
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && 'type' in value && 'action_id' in value;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function lettersIn(text: unknown): string {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
}
