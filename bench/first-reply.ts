/** A process that answers one message and ends: what `measures.ts` times from outside. `first-reply.ts <contestant> <folder> <flows>` */
import { enableCompileCache } from 'node:module';
import { contestantOf, type Name } from './contestants/contestants.ts';
import { Crowd } from './drive.ts';
import { SCRIPT } from './script.ts';

// As `bin/parley.mjs` does: types are stripped and code is compiled once, not at every start.
enableCompileCache();
const [name, folder, flows] = process.argv.slice(2) as [Name, string, string];
const crowd = new Crowd(SCRIPT);
const { open } = await contestantOf(name);
const { receive, close } = await open({ sink: crowd.sink, script: SCRIPT, folder, flows: Number(flows) });
crowd.connect(receive);
await new Promise<void>((resolve) => crowd.send(crowd.customer('first'), resolve));
process.stdout.write('replied\n');
await close();
