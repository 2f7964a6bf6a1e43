import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';

/** A YAML file that the compiler reads. */
export interface Source {
  /** As its author knows it: relative to the deployment. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

export interface Sources {
  /** `flows/<name>/flow.yaml`, and files directly in `flows/`. */
  readonly flows: readonly Source[];
  /** Repair flows by the pattern they answer; the deployment's own stand in place of those that ship. */
  readonly repair: ReadonlyMap<string, Source>;
  /** The built-in texts, the shipped ones first. */
  readonly texts: readonly Source[];
  readonly connectors: Source | undefined;
}

/** Files in `flows/` that are no flows. */
const CONNECTORS = 'connectors.yaml';
const TEXTS = 'texts.yaml';
const REPAIR = 'repair';

/** Finds and reads the flows of a deployment. `shipped` is the folder of the repair flows that come with Parley. */
export function findSources(directory: string, flowsFolder: string, shipped: string): Sources {
  const root = join(directory, flowsFolder);
  const read = (path: string): Source => ({ file: shownPath(directory, path), path, text: readFileSync(path, 'utf8') });
  const own = join(root, REPAIR);
  const repairFolders = own === shipped ? [shipped] : [shipped, own];
  const connectors = join(root, CONNECTORS);
  return {
    flows: flowFiles(root).map(read),
    repair: new Map(
      repairFolders.flatMap((folder) =>
        repairFiles(folder).map((path) => [basename(path, '.yaml'), read(path)] as const),
      ),
    ),
    texts: repairFolders
      .map((folder) => join(folder, TEXTS))
      .filter(existsSync)
      .map(read),
    connectors: existsSync(connectors) ? read(connectors) : undefined,
  };
}

function flowFiles(root: string): string[] {
  const direct = yamlFiles(root).filter((path) => basename(path) !== CONNECTORS);
  const nested = folders(root)
    .filter((folder) => basename(folder) !== REPAIR)
    .flatMap(deepFlows);
  return [...direct, ...nested].toSorted();
}

function deepFlows(folder: string): string[] {
  const flow = join(folder, 'flow.yaml');
  return [...(existsSync(flow) ? [flow] : []), ...folders(folder).flatMap(deepFlows)];
}

function repairFiles(folder: string): string[] {
  return yamlFiles(folder).filter((path) => basename(path) !== TEXTS);
}

function yamlFiles(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(folder, entry.name));
}

function folders(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map((entry) => join(folder, entry.name));
}

function entries(folder: string) {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

/** Short where the file is the deployment's own, whole where it ships with Parley. */
function shownPath(directory: string, path: string): string {
  const shown = relative(directory, path);
  return shown.startsWith('..') ? path : shown.split(sep).join('/');
}
