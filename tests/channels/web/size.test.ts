import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { buildWidget } from '../../../channels/web/widget/build.ts';

const KIB = 1024;

test('the widget is at most 15 KiB, its loader at most 1 KiB (gzip)', async () => {
  const { loader, widget } = await buildWidget();
  expect(gzipSync(loader).length).toBeLessThanOrEqual(KIB);
  expect(gzipSync(widget).length).toBeLessThanOrEqual(15 * KIB);
});

test('the loader asks for the widget by its hash', async () => {
  const { loader, hash } = await buildWidget();
  expect(loader).toContain(hash);
});
