import { parentPort, workerData } from 'node:worker_threads';
import { learn } from '../understanding/classify/learn.ts';
import type { Example } from '../understanding/classify/school.ts';

/** A thread of its own: learns from the examples it is started with, tells what it has learnt, and ends. */
parentPort?.postMessage(learn(workerData as readonly Example[]));
