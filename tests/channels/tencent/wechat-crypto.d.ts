/** An oracle of ours that has no types of its own. */
declare module 'wechat-crypto' {
  export default class WXBizMsgCrypt {
    constructor(token: string, encodingAesKey: string, id: string);
    getSignature(timestamp: string, nonce: string, ciphertext: string): string;
    decrypt(ciphertext: string): { message: string; id: string };
    encrypt(message: string): string;
  }
}
