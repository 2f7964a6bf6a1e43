import { openMemory } from '../../src/store/memory.ts';
import { storeContract } from '../contracts/store-contract.ts';

storeContract('memory', async () => ({ store: openMemory(), end: async () => undefined }));
