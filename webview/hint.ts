import './hint.css';
import { h } from './dom.ts';
import { t } from './l10n.ts';
import { glossary, type TermId } from './shared/glossary.ts';

/** The pointer rests this long before a hint shows, and may be off it this long, so that it can go over to the hint. */
const SHOW_MS = 350;
const HIDE_MS = 200;
/** Between an element and its hint, and between a hint and the page's edge. */
const GAP = 4;

/** Ids of the sentences that are in the page for screen readers. */
const ids = new Map<string, string>();
const sentences = h('div', { hidden: true });
const tip = h('div', { class: 'hint', role: 'tooltip', hidden: true });
/** What the tip is beside. */
let owner: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Gives an element that takes the keyboard a sentence: beside it while pointer or keyboard are on it, gone with Escape; screen readers read
 * it as its description. The page keeps each sentence, so that they must be few.
 */
export function hint<E extends HTMLElement>(element: E, words: string): E {
  if (ids.size === 0) listen();
  let id = ids.get(words);
  if (id === undefined) {
    id = `hint-${ids.size}`;
    ids.set(words, id);
    sentences.append(h('span', { id }, words));
  }
  element.setAttribute('aria-describedby', id);
  element.dataset['hint'] = words;
  return element;
}

/** A word of the glossary that says what it means. @param text the word as it is written here, where that is not the glossary's own */
export function term(id: TermId, text?: string): HTMLElement {
  const { term: name, words } = glossary(t)[id];
  return explained(text ?? name, words);
}

/** A word that is no word of the field, with what it means here. */
export function explained(text: string, words: string): HTMLElement {
  return hint(h('span', { class: 'term', tabindex: 0 }, text), words);
}

/** A link to the whole glossary: the host allows this one command (views/webviewHtml.ts). */
export function glossaryLink(): HTMLElement {
  return h('a', { class: 'glossary-link', href: 'command:glowport.showGlossary' }, t('Glossary'));
}

/** What a word of the glossary means. */
export function wordsOf(id: TermId): string {
  return glossary(t)[id].words;
}

/** Makes a change that replaces elements with hints; the keyboard stays on the one that it was on. */
export function keepingHint(place: HTMLElement, change: () => void): void {
  const { activeElement } = document;
  const words = place.contains(activeElement) ? hintedOf(activeElement)?.dataset['hint'] : undefined;
  change();
  if (words === undefined) return;
  const again = [...place.querySelectorAll<HTMLElement>('[data-hint]')].find(
    (e) => e.dataset['hint'] === words,
  );
  again?.focus({ preventScroll: true });
}

/** One set of listeners for all: elements come and go. */
function listen(): void {
  document.body.append(sentences, tip);
  document.addEventListener('pointerover', ({ target }) => {
    const over = hintedOf(target);
    if (over === owner || (owner && tip.contains(target as Node))) return clearTimeout(timer);
    later(() => (over ? show(over) : hide()), over ? SHOW_MS : HIDE_MS);
  });
  document.addEventListener('pointerleave', () => later(hide, HIDE_MS));
  document.addEventListener('focusin', ({ target }) => {
    const on = hintedOf(target);
    if (on?.matches(':focus-visible')) show(on);
  });
  document.addEventListener('focusout', hide);
  document.addEventListener('scroll', () => owner && show(owner), { capture: true, passive: true });
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || owner === undefined) return;
      event.stopPropagation(); // of what else Escape closes
      hide();
    },
    { capture: true },
  );
}

function hintedOf(target: EventTarget | null): HTMLElement | undefined {
  return (target as Element | null)?.closest?.<HTMLElement>('[data-hint]') ?? undefined;
}

function later(act: () => void, ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(act, ms);
}

function show(element: HTMLElement): void {
  clearTimeout(timer);
  if (!element.isConnected) return hide();
  owner = element;
  tip.textContent = element.dataset['hint'] ?? '';
  tip.hidden = false;
  const beside = element.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const isBelow = beside.bottom + GAP + height <= innerHeight || beside.top < GAP + height;
  const left = Math.max(2 * GAP, Math.min(beside.left, innerWidth - width - 2 * GAP));
  // the policy forbids style attributes; the object model is allowed
  tip.style.left = `${left}px`;
  tip.style.top = `${isBelow ? beside.bottom + GAP : beside.top - GAP - height}px`;
}

function hide(): void {
  clearTimeout(timer);
  owner = undefined;
  tip.hidden = true;
}
