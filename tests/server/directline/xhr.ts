/**
 * As much of a browser's XMLHttpRequest as directlinejs needs, over `fetch`: its library for requests knows nothing else. What goes over
 * the wire is what the client itself makes.
 */
export class Xhr {
  readyState = 0;
  status = 0;
  timeout = 0;
  withCredentials = false;
  responseType = '';
  response: unknown = null;
  responseText = '';
  onreadystatechange: ((event: object) => void) | null = null;
  ontimeout: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  upload = {};
  #method = 'GET';
  #url = '';
  #sent: Record<string, string> = {};
  #received = new Headers();
  readonly #aborting = new AbortController();

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
    this.readyState = 1;
  }

  setRequestHeader(name: string, value: string): void {
    this.#sent[name] = value;
  }

  getResponseHeader(name: string): string | null {
    return this.#received.get(name);
  }

  send(body?: string | FormData): void {
    this.#run(body).catch((error: unknown) => {
      if (this.#aborting.signal.aborted) return;
      this.readyState = 4;
      this.onerror?.({ error });
    });
  }

  abort(): void {
    this.#aborting.abort();
  }

  async #run(body: string | FormData | undefined): Promise<void> {
    const answer = await fetch(this.#url, {
      method: this.#method,
      headers: this.#sent,
      signal: this.#aborting.signal,
      ...(body === undefined ? {} : { body }),
    });
    this.#received = answer.headers;
    this.status = answer.status;
    if (this.responseType === 'arraybuffer') this.response = await answer.arrayBuffer();
    else {
      this.responseText = await answer.text();
      this.response = this.responseText === '' ? null : JSON.parse(this.responseText);
    }
    this.readyState = 4;
    this.onreadystatechange?.({});
  }
}
