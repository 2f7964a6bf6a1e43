import type { Contestant } from '../contestant.ts';

export const botbuilder: Contestant;
