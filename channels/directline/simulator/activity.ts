/** As much of an activity as Web Chat draws. */
export interface Activity {
  readonly type: string;
  readonly id: string;
  readonly timestamp: string;
  readonly from: { readonly id: string; readonly role?: string };
  readonly text?: string;
  readonly textFormat?: string;
  readonly attachments?: readonly Attachment[];
  readonly suggestedActions?: { readonly actions: readonly CardAction[] };
  readonly channelData?: { readonly clientActivityID?: string };
}

export interface Attachment {
  readonly contentType: string;
  readonly contentUrl?: string;
  readonly name?: string;
  readonly content?: unknown;
}

export interface CardAction {
  readonly type: string;
  readonly title: string;
  readonly text?: string;
  readonly displayText?: string;
  readonly value: unknown;
}

export interface HeroCard {
  readonly title?: string;
  readonly text?: string;
  readonly images?: readonly { readonly url: string; readonly alt?: string }[];
  readonly buttons?: readonly CardAction[];
}

/** An Adaptive Card with a choice set, a calendar or a whole form, and whose action submits it. */
export interface FormCard {
  readonly body: readonly {
    readonly type: string;
    readonly id: string;
    readonly label?: string;
    readonly placeholder?: string;
    readonly isRequired?: boolean;
    readonly isMultiSelect?: boolean;
    readonly choices?: readonly { readonly title: string; readonly value: string }[];
  }[];
  readonly actions: readonly { readonly title: string; readonly data?: object }[];
}
