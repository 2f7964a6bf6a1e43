export type { Action, ActionContext, ActionSignature } from './action.ts';
export { ActionError, defineAction } from './action.ts';
export type { Bot, BotOptions } from './bot/create-bot.ts';
export { createBot } from './bot/create-bot.ts';
export type {
  CallContext,
  Capabilities,
  Channel,
  Inbound,
  Media,
  Part,
  PullContext,
  Pulled,
  Receipt,
  SendError,
} from './channel.ts';
export { defineChannel } from './channel.ts';
export type { Accepted, Entry } from './engine/engine.ts';
export { ParleyError } from './errors.ts';
export type { Event } from './event.ts';
export type { Answers, Field, Form } from './form.ts';
export type { Attachment, Card, Choice, Message } from './message.ts';
export type { Json, JsonObject, Type } from './type.ts';
