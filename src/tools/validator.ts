/** The JSON Schema validator: needs no eval, and is loaded with the first call of a tool. */
export { Validator } from '@cfworker/json-schema';
