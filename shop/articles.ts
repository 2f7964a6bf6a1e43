import { html } from 'hono/html';
import { CATALOGUE } from './seed/catalogue.ts';

type Html = ReturnType<typeof html>;

/** What a customer sees of an article that was recommended to her. `undefined`: there is no such article. */
export function articlePage(language: string, sku: string): { title: string; content: Html } | undefined {
  const article = CATALOGUE.find((one) => one.sku === sku);
  if (article === undefined) return undefined;
  const isChinese = language === 'zh';
  const price = (article.price / 100).toLocaleString(isChinese ? 'zh' : 'en', { style: 'currency', currency: 'EUR' });
  return {
    title: isChinese ? article.zh : article.en,
    content: html`<p lang="${isChinese ? 'zh' : 'en'}">${
      isChinese ? `商品编号 ${sku}，${price} 起。` : `Article ${sku}, from ${price}.`
    }</p>`,
  };
}
