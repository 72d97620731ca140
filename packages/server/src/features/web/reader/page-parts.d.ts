/** What is used of the readers of pages; their own types need a browser's. */
declare module 'linkedom/worker' {
  export interface PageNode {
    nodeType: number;
    nodeName: string;
    textContent: string | null;
    parentNode: PageNode | null;
    firstChild: PageNode | null;
    nextSibling: PageNode | null;
    remove(): void;
  }
  export interface PageElement extends PageNode {
    getAttribute(name: string): string | null;
    setAttribute(name: string, value: string): void;
    removeAttribute(name: string): void;
    querySelector(selector: string): PageElement | null;
    querySelectorAll(selector: string): Iterable<PageElement>;
    cloneNode(deep: boolean): PageElement;
  }
  export interface PageDocument extends PageElement {
    documentElement: PageElement | null;
  }
  export function parseHTML(html: string): { document: PageDocument };
}

declare module '@mozilla/readability' {
  import type { PageDocument, PageElement } from 'linkedom/worker';
  export class Readability {
    constructor(
      document: PageDocument,
      options: { serializer(node: PageElement): PageElement; maxElemsToParse: number; keepClasses: boolean },
    );
    parse(): { title: string; content: PageElement } | null;
  }
}
