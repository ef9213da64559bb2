/** The package's only side effect: registers the tag, where it is free. A second copy on the page changes nothing. */
import { OllamaChat } from './ollama-chat';

if (!customElements.get('ollama-chat')) customElements.define('ollama-chat', OllamaChat);

declare global {
  interface HTMLElementTagNameMap {
    'ollama-chat': OllamaChat;
  }
}
