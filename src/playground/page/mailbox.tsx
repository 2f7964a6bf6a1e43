import { Icon } from './icon.tsx';
import { lookOf } from './looks.ts';
import { useView } from './view.ts';

/** What the shop has mailed to whoever holds the phones: mostly codes. */
export function Mailbox({ kind, done }: { kind: string; done: () => void }) {
  const { state, act, words, language } = useView();
  const name = lookOf(kind).name[language];
  return (
    <div class="pane mailbox">
      <h2 class="hidden">{words.mailbox}</h2>
      <p class="lead">{words.mailLead(state.world?.who.email ?? '')}</p>
      {state.mail.length === 0 && <p class="nothing">{words.noMail}</p>}
      {state.mail.map(({ subject, text, code }) => (
        <article class="letter">
          <h3>
            <Icon name="mail" />
            {subject}
          </h3>
          <p>{text}</p>
          {code && (
            <p class="code">
              <code>{code}</code>
              {kind !== 'web' && (
                <button
                  type="button"
                  onClick={() => {
                    act({ do: 'write', kind, text: code });
                    done();
                  }}
                >
                  {words.typeCode(name)}
                </button>
              )}
            </p>
          )}
        </article>
      ))}
    </div>
  );
}
