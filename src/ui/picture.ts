/** Pictures in answers: a button that says whose server a picture would come from, and the picture once it is pressed. */
import { html, render } from 'lit';
import { fill, type Strings } from '../i18n/strings';
import { pictureIcon } from './icons';

/** Puts words into the button that sanitize.ts has made of a picture, and a frame around it that stays. */
export function labelPicture(button: HTMLButtonElement, { loadPicture }: Strings): void {
  const alt = button.textContent ?? '';
  const frame = document.createElement('span');
  button.replaceWith(frame);
  frame.append(button);
  button.replaceChildren();
  render(html`${pictureIcon}<span>${alt}</span> <small>${fill(loadPicture, { host: hostOf(button) })}</small>`, button);
}

/** Loads the picture, which then takes the place of its button. */
export function showPicture(button: HTMLButtonElement, { pictureLoading, pictureFailed }: Strings): void {
  const [words, note] = button.querySelectorAll<HTMLElement>('span, small');
  if (!note || button.ariaBusy) return;
  button.ariaBusy = 'true';
  note.textContent = pictureLoading;
  const picture = Object.assign(new Image(), {
    alt: words?.textContent ?? '',
    title: button.title,
    referrerPolicy: 'no-referrer',
    tabIndex: -1,
    onload() {
      const hadFocus = button.matches(':focus');
      button.replaceWith(picture);
      if (hadFocus) picture.focus({ preventScroll: true });
    },
    onerror() {
      button.ariaBusy = null;
      note.textContent = fill(pictureFailed, { host: hostOf(button) });
    },
  });
  picture.src = button.value;
}

const hostOf = ({ value }: HTMLButtonElement) => new URL(value).host;
