/** Pictures in answers: a button that says whose server a picture would come from, and the picture once it is pressed. */
import { html, render } from 'lit';
import { fill, type Strings } from '../i18n/strings';
import { pictureIcon } from './icons';

/** Puts words into the button that sanitize.ts has made of a picture. */
export function labelPicture(button: HTMLButtonElement, { loadPicture }: Strings): void {
  const { host } = new URL(button.value);
  const alt = button.textContent ?? '';
  button.replaceChildren();
  render(html`${pictureIcon}<span>${alt}</span> <small>${fill(loadPicture, { host })}</small>`, button);
}

/** Loads the picture in the place of its button, which comes back where that fails. */
export function showPicture(button: HTMLButtonElement, { pictureFailed }: Strings): void {
  const words = button.querySelector('span')?.textContent ?? '';
  const picture = Object.assign(new Image(), { alt: words, title: button.title, referrerPolicy: 'no-referrer', tabIndex: -1 });
  picture.onerror = () => {
    picture.replaceWith(button);
    const [note] = button.getElementsByTagName('small');
    if (note) note.textContent = pictureFailed;
  };
  picture.src = button.value;
  const hadFocus = button.matches(':focus');
  button.replaceWith(picture);
  if (hadFocus) picture.focus({ preventScroll: true });
}
