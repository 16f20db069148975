/** Keeps Tab inside `area` while it is open, in both directions; call from its keydown listener. */
export function keepTabInside(event: KeyboardEvent, area: HTMLElement, root: ShadowRoot): void {
  if (event.key !== 'Tab' || event.altKey || event.ctrlKey || event.metaKey) return;
  const stops = focusStops(area);
  const [first, last] = [stops[0], stops[stops.length - 1]];
  if (first === undefined || last === undefined) return;
  const active = root.activeElement;
  const atEdge = event.shiftKey ? active === first || active === area : active === last;
  if (!atEdge && active !== null && area.contains(active)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

/** What Tab visits in `area`, in order: visible, enabled, and not in an inert part. */
export function focusStops(area: HTMLElement): HTMLElement[] {
  const candidates = area.querySelectorAll<HTMLElement>('button, a[href], textarea, input, [tabindex="0"]');
  return Array.from(candidates).filter(
    (element) => element.getClientRects().length > 0 && !element.matches(':disabled') && element.closest('[inert]') === null && element.tabIndex >= 0,
  );
}
