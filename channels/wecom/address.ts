/** A customer at one of our customer service accounts: whom she writes to is as much a part of the conversation as who she is. */
export interface Place {
  /** `open_kfid`, `wk…` */
  readonly kf: string;
  /** `external_userid`, `wm…` */
  readonly customer: string;
}

export function addressOf({ kf, customer }: Place): string {
  return `${kf}/${customer}`;
}

export function placeOf(address: string): Place {
  const [kf = '', customer = ''] = address.split('/');
  return { kf, customer };
}
