import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { buildWidget } from '../../../channels/web/widget/build.ts';

const KIB = 1024;

test('the widget is at most 15 KiB, its loader at most 1 KiB, its forms at most 3 KiB (gzip)', async () => {
  const { loader, widget, form } = await buildWidget();
  expect(gzipSync(loader).length).toBeLessThanOrEqual(KIB);
  expect(gzipSync(widget).length).toBeLessThanOrEqual(15 * KIB);
  expect(gzipSync(form).length).toBeLessThanOrEqual(3 * KIB);
});

test('the loader asks for the widget by its hash, and the widget for its forms by theirs', async () => {
  const { loader, hash, widget, formHash } = await buildWidget();
  expect(loader).toContain(hash);
  expect(widget).toContain(`./widget-form.js?${formHash}`);
});
