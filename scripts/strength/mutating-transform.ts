import { relative } from 'node:path';
import swc from '@swc/jest';
import { placedIn } from './placed-mutant.ts';

type Options = Parameters<typeof swc.createTransformer>[0];

/**
 * Jest's transform with one mutant in it. The file itself is never written: a run that is killed leaves nothing behind, and whoever works
 * on it meanwhile sees nothing.
 */
export default {
  createTransformer(options: Options) {
    const { process: plain, getCacheKey: keyOf } = swc.createTransformer(options);
    if (plain === undefined || keyOf === undefined) throw new Error('@swc/jest has no synchronous transform any more.');
    const mutant = placedIn(process.env);
    const mutated = (source: string, path: string) =>
      mutant === undefined || relative('.', path) !== mutant.file
        ? source
        : source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end);
    return {
      process: ((source, path, more) => plain(mutated(source, path), path, more)) as typeof plain,
      getCacheKey: ((source, path, more) => keyOf(mutated(source, path), path, more)) as typeof keyOf,
    };
  },
};
