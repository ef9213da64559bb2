/** The picture of an answer, once its button is pressed. A part of its own, loaded with the first one. */
import { fill, type Strings } from '../i18n/strings';

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
      note.textContent = fill(pictureFailed, { host: new URL(button.value).host });
    },
  });
  picture.src = button.value;
}
