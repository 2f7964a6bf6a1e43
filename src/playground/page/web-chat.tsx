import { Caption } from './caption.tsx';
import { lookOf } from './looks.ts';
import { useView } from './view.ts';

/** The web chat itself, on a page of a business. Nothing stands in for it: it is ours. */
export function WebChat({ isChosen, choose }: { isChosen: boolean; choose: () => void }) {
  const { language } = useView();
  const look = lookOf('web');
  return (
    <section
      id="device-web"
      class="device"
      data-look="web"
      data-frame="window"
      data-chosen={isChosen}
      aria-labelledby="name-web"
      onPointerEnter={choose}
      onFocusCapture={choose}
    >
      <Caption kind="web" faults={[]} />
      <div class="frame">
        <div class="top browser" aria-hidden="true">
          <i />
          <i />
          <i />
          <span>{look.line[language]}</span>
        </div>
        <iframe
          key={language}
          title={look.name[language]}
          src={language === 'zh' ? '/playground/web-zh' : '/playground/web'}
        />
      </div>
    </section>
  );
}
