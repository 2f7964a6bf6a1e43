/** The read behind a second opinion: an effect like any call, so that it is on disk before it is asked, and its end comes back as an event. */
import { type Action, ActionError, type ActionSignature } from '../../action.ts';
import { codeOf } from '../../errors.ts';
import { isModelError } from '../../models/failure.ts';
import { LONGEST, type Model, type Models, type Structured } from '../../models/model.ts';
import { schemaOf } from '../../models/type-shape.ts';
import type { Json, JsonObject, Type } from '../../type.ts';
import type { FlowView } from '../embedded.ts';
import { type Asked, isSayable, promptFor, toldFlows } from './prompt.ts';
import { shapeOf } from './shape.ts';

const ANY: Type = { kind: 'any' };

/** No connector can be called so: `understanding` has no `.yaml` of its own. */
export const OPINION: ActionSignature = {
  name: 'understanding.ask',
  effect: 'read',
  in: { asked: ANY, closest: ANY, personal: ANY, timeout: ANY },
  out: ANY,
  timeout: LONGEST,
  errors: [],
};

/** Milliseconds by which a model's patience ends before the call's: so it is known to have been the model that was slow. */
const HEADROOM = 100;

/** @param catalogue the flows as they are now: what a model says of others is refused when it is weighed */
export function opinionAction(models: () => Models, catalogue: () => readonly FlowView[]): Action {
  return {
    ...OPINION,
    async run(args, { conversation, signal }) {
      const model = models().for('understanding');
      if (model === undefined) throw new ActionError('none', 'No model is configured for understanding.');
      const { asked, closest, personal, timeout } = args;
      try {
        const { value, usage } = await opinionOf(
          model,
          asked as unknown as Asked,
          { flows: catalogue(), closest: namesIn(closest) },
          {
            ...{ conversation, signal, personal: namesIn(personal) },
            ...(typeof timeout === 'number' && { timeout: Math.max(1, timeout - HEADROOM) }),
          },
        );
        return { answer: value as Json, usage: { ...usage } satisfies JsonObject };
      } catch (error) {
        if (!isModelError(error)) throw error;
        // Patience was the model's own layers': to ask once more from here would only double it.
        throw new ActionError(codeOf(error), error.message, { cause: error });
      }
    },
  };
}

/** What a model makes of the words, in the one form that it may answer in. What it says is still to be weighed. */
export function opinionOf(
  model: Model,
  asked: Asked,
  { flows, closest }: { readonly flows: readonly FlowView[]; readonly closest: readonly string[] },
  asking: Parameters<Model['structured']>[2],
): Promise<Structured<unknown>> {
  const told = toldFlows(flows, closest);
  const slots = new Set([
    ...(asked.question === undefined || asked.question.confirm ? [] : [asked.question.name]),
    ...[...asked.known, ...asked.awaited].map(({ name }) => name),
    ...told.flatMap((flow) => (flow.slots ?? []).filter(isSayable).map(({ name }) => name)),
  ]);
  const shape = shapeOf(
    told.map(({ name }) => name),
    [...slots],
  );
  return model.structured(promptFor(asked, told), { name: 'commands', schema: schemaOf(shape) }, asking);
}

function namesIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
