export type { Action, ActionContext, ActionSignature } from './action.ts';
export { ActionError, defineAction } from './action.ts';
export type { Capabilities, Channel, Inbound, Part, Receipt, SendError } from './channel.ts';
export { defineChannel } from './channel.ts';
export { ParleyError } from './errors.ts';
export type { Attachment, Card, Choice, Message } from './message.ts';
