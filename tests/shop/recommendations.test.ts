import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { similarityOf } from '../../shop/similarity.ts';
import { type OpenShop, openShop } from './open-shop.ts';

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.remove());

async function recommended(query: string): Promise<readonly Record<string, unknown>[]> {
  const { status, body } = await shop.get(`/recommendations?${query}`);
  expect(status).toBe(200);
  return body;
}
const skus = (items: readonly Record<string, unknown>[]) => items.map(({ sku }) => sku);

describe('similarity', () => {
  const baskets = ['tea mug', 'tea mug', 'tea mug kettle', 'lamp', 'lamp tea'].map(
    (words) => new Set(words.split(' ')),
  );
  const similarity = similarityOf(baskets);

  test('is the cosine of the orders that have either', () => {
    expect(similarity.between('tea', 'mug')).toBeCloseTo(3 / Math.sqrt(4 * 3));
    expect(similarity.between('mug', 'tea')).toBe(similarity.between('tea', 'mug'));
    expect(similarity.between('mug', 'lamp')).toBe(0);
    expect(similarity.between('mug', 'unheard of')).toBe(0);
  });

  test('counts orders, not pieces', () => {
    expect([similarity.popularity('tea'), similarity.popularity('sofa')]).toEqual([4, 0]);
  });
});

describe('recommendations', () => {
  test('names what goes with what she has, and with which of it', async () => {
    const [best] = await recommended('customer_id=C0001&purpose=kitchen');
    expect(best).toMatchObject({ reason: 'bought_together', price: { currency: 'EUR' } });
    expect(String(best?.because)).not.toBe('');
  });

  test('begins with what is popular for who has bought nothing, and for strangers', async () => {
    const stranger = await recommended('purpose=kitchen');
    expect(stranger).toHaveLength(3);
    expect(stranger.every(({ reason, because }) => reason === 'popular' && because === '')).toBe(true);
    expect(await recommended('customer_id=C0008&purpose=kitchen&currency=EUR')).toEqual(stranger);
  });

  test('keeps to what it is for, to the budget and to the currency', async () => {
    const gifts = await recommended('purpose=gift&budget=100&currency=CNY&language=zh&limit=10');
    expect(gifts.length).toBeGreaterThan(1);
    for (const { price } of gifts)
      expect(price).toMatchObject({ currency: 'CNY', amount: expect.any(Number) as unknown });
    expect(Math.max(...gifts.map(({ price }) => (price as { amount: number }).amount))).toBeLessThanOrEqual(100);
    expect(String(gifts[0]?.name)).toMatch(/\p{Script=Han}/u);
    expect(await recommended('purpose=living&budget=1&currency=EUR')).toEqual([]);
    expect(await recommended('budget=100&currency=XXX')).toEqual([]);
  });

  test('never offers what she has, nor what is not sold alone', async () => {
    const all = skus(await recommended('limit=10'));
    const hers = skus(await recommended('customer_id=C0001&limit=10'));
    expect([...all, ...hers]).not.toContain('GFT-00');
    const { body } = await shop.get('/orders?customer_id=C0001');
    const bought = body.flatMap(({ lines }) => skus(lines as Record<string, unknown>[]));
    expect(hers.filter((sku) => bought.includes(sku))).toEqual([]);
  });

  test('refuses a budget that is none, and leads to a page of each article', async () => {
    expect(await shop.get('/recommendations?budget=-1')).toMatchObject({ status: 400 });
    const [first] = await recommended('language=zh&limit=1');
    const page = await fetch(String(first?.url));
    expect([page.status, (await page.text()).includes(String(first?.name))]).toEqual([200, true]);
    expect((await fetch(`${shop.url}/articles/en/NOPE-1`)).status).toBe(404);
  });
});
