import { openMemoryDesk } from '../../src/handoff/memory-desk.ts';
import { deskContract } from '../contracts/desk-contract.ts';

deskContract('memory', async () => {
  const desk = openMemoryDesk();
  return {
    desk,
    async seen(place) {
      const { head, isOpen, posts, notes, offers, notices, receipts, tasks } = desk.threads.get(place)!;
      return {
        ...{ head, isOpen, posts: [...posts.values()], notes: [...notes.values()] },
        ...{ offers: [...offers.values()], notices: [...notices.values()] },
        ...{ receipts: [...receipts.values()], tasks: [...tasks.values()] },
      };
    },
    close: async () => undefined,
  };
});
