/**
 * Which of the bot's languages a text is in, where the letters alone do not tell: by the small words that every sentence is full of. A word
 * counts for each language that has it, so names, products and borrowed words decide nothing.
 */
import { Said } from './said.ts';

/** So many small words of the language, and so many more than of the present one: less may be a title, or a quotation. */
const ENOUGH = 2;
const MORE = 2;

/** As `Said` writes them: lower case, without accents. */
const SMALL_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words(
    'the a an and or but is are was were be been am do does did have has had my your his her our their i you he she it we they me him us them this that these those to of in on at for with from by about not no yes what where when why how who which can could would will should please thanks hello there here if so just still yet any some',
  ),
  de: words(
    'der die das den dem des ein eine einen einem einer und oder aber ist sind war waren sein bin bist hat habe haben hatte mein meine meinen meinem ihr ihre dein deine unser ich du er sie es wir mich mir dich dir uns zu von im in am an auf fur mit aus bei uber nach nicht kein keine ja nein was wo wann warum wieso wie wer welche kann konnen konnte wurde mochte will soll bitte danke hallo noch schon immer wenn dass auch nur mal gibt',
  ),
  es: words(
    'el la los las un una unos unas y o pero es son era ser soy esta estan estoy estaba he ha han tengo tiene mi mis tu tus su sus nuestro yo ella nosotros me te se lo le les este esta eso de del en a al por para con sin sobre no si que donde cuando cuanto como quien cual puedo puede podria quiero quisiera necesito por favor gracias hola aun todavia ya muy mas hay',
  ),
  fr: words(
    'le la les un une des du de et ou mais est sont etait etre suis ai as a avons avez ont mon ma mes ton ta tes votre vos notre nos je tu il elle nous vous ils me te se ce cette ces en au aux pour avec sans sur dans par ne pas non oui que quoi qui quand comment pourquoi combien quel quelle peux peut puis voudrais veux merci bonjour encore deja tres plus il y est-ce',
  ),
  it: words(
    'il lo la i gli le un uno una e o ma sono era essere ho hai ha abbiamo hanno mio mia miei mie tuo tua suo sua nostro io tu lui lei noi voi mi ti si ci questo questa di del della dei in a al alla per con senza su da dal non si no che dove quando perche come chi quale quanto posso puo potrei vorrei voglio grazie ciao buongiorno ancora gia molto piu',
  ),
  pt: words(
    'o a os as um uma e ou mas sao era ser sou estou esta tenho tem meu minha meus minhas seu sua nosso eu ele ela nos voce voces me te se isto isso de do da dos das em no na por para com sem sobre nao sim que onde quando porque como quem qual quanto posso pode poderia quero queria preciso obrigado obrigada ola ainda ja muito mais',
  ),
  nl: words(
    'de het een en of maar is zijn was waren ben heb hebt heeft hebben had mijn jouw uw zijn haar ons onze ik jij je hij zij ze wij we mij me dit dat deze die van in op aan voor met uit bij over niet geen ja nee wat waar wanneer waarom hoe wie welke kan kunnen kunt zou wil graag alstublieft dank bedankt hallo nog al ook er',
  ),
};

/**
 * The locale of the bot that the text is in, where that is another than the present one and beyond doubt.
 * @param locales the bot's, BCP 47; one whose language is not known here is never chosen
 */
export function spokenLocale(text: string, present: string, locales: readonly string[]): string | undefined {
  const { words: said } = new Said(text);
  const small = (locale: string) => said.filter((word) => SMALL_WORDS[languageOf(locale)]?.has(word.text)).length;
  const here = small(present);
  const others = locales
    .filter((locale) => languageOf(locale) !== languageOf(present))
    .map((locale) => ({ locale, count: small(locale) }))
    .sort((a, b) => b.count - a.count);
  const [best, second] = others;
  if (best === undefined || best.count < ENOUGH || best.count < here + MORE) return undefined;
  return best.count > (second?.count ?? 0) ? best.locale : undefined;
}

function languageOf(locale: string): string {
  return locale.split('-')[0] ?? locale;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
