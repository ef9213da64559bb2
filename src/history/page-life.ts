/** When a page may be gone in a moment, and when it is back. */

export interface PageLife {
  /** Nobody sees it: it may be gone without another word. */
  onHidden: () => void;
  onLeave: () => void;
  /** Back from where a page sleeps: much may have happened meanwhile. */
  onReturn: () => void;
}

export function watchPage({ onHidden, onLeave, onReturn }: PageLife, signal: AbortSignal): void {
  const leave = () => {
    onHidden();
    onLeave();
  };
  document.addEventListener('visibilitychange', () => document.hidden && onHidden(), { signal });
  addEventListener('pagehide', leave, { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && onReturn(), { signal });
}
