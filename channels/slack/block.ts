/** A block of Block Kit: https://docs.slack.dev/reference/block-kit/blocks */
export type Block = { readonly type: string; readonly [key: string]: unknown };
