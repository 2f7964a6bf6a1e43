import { parentPort, workerData } from 'node:worker_threads';
import { type Example, learn } from '../understanding/classify/learn.ts';

/** A thread of its own: learns from the examples it is started with, tells what it has learnt, and ends. */
parentPort?.postMessage(learn(workerData as readonly Example[]));
