import { useView } from './view.ts';
import type { Language } from './words.ts';

interface LanguagesParts {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

export function Languages({ language, setLanguage }: LanguagesParts) {
  const { words } = useView();
  return (
    <fieldset class="languages">
      <legend>{words.language}</legend>
      {(['en', 'zh'] as const).map((each) => (
        <button key={each} type="button" lang={each} aria-pressed={each === language} onClick={() => setLanguage(each)}>
          {each === 'en' ? 'EN' : '中文'}
        </button>
      ))}
    </fieldset>
  );
}
