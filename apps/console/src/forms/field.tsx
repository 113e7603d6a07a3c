import { createContext, useContext, useId, type ReactNode } from 'react';

/** What is wrong with which field, in the reader's words; a field says its own. */
export const Faults = createContext<ReadonlyMap<string, string>>(new Map());

type Props = {
  /** Path of the field in the command's input. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
};
type Attributes = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };

/** A label, a hint, what is wrong, and one control. */
export const Field = ({ name, label, hint, children }: Props & { children: (attributes: Attributes) => ReactNode }) => {
  const described = useId();
  const fault = useContext(Faults).get(name);
  return (
    <div className={fault ? 'field wrong' : 'field'}>
      <label htmlFor={idOf(name)}>{label}</label>
      <div id={described}>
        {hint && <p className="hint">{hint}</p>}
        {fault && <p className="wrong-text">{fault}</p>}
      </div>
      {children({
        id: idOf(name),
        'aria-describedby': hint || fault ? described : undefined,
        'aria-invalid': fault !== undefined,
      })}
    </div>
  );
};

/** The id of a field's control, to which the summary of problems links. */
export const idOf = (name: string): string => `field-${name.replaceAll(/[^\w]/g, '-')}`;

type TextProps = Props & {
  readonly value: string;
  readonly set: (value: string) => void;
  readonly type?: 'text' | 'date';
  readonly isLong?: boolean;
  readonly isFigure?: boolean;
};

export const TextField = ({ value, set, type = 'text', isLong = false, isFigure = false, ...field }: TextProps) => (
  <Field {...field}>
    {(attributes) =>
      isLong ? (
        <textarea {...attributes} rows={4} value={value} onChange={({ target }) => set(target.value)} />
      ) : (
        <input
          {...attributes}
          type={type}
          inputMode={isFigure ? 'decimal' : undefined}
          autoComplete="off"
          value={value}
          onChange={({ target }) => set(target.value)}
        />
      )
    }
  </Field>
);

type Choice = { readonly value: string; readonly text: string };

export const SelectField = ({
  value,
  set,
  choices,
  empty,
  ...field
}: Props & {
  readonly value: string;
  readonly set: (value: string) => void;
  readonly choices: readonly Choice[];
  /** What the first, empty choice is called; left out, there is none. */
  readonly empty?: string;
}) => (
  <Field {...field}>
    {(attributes) => (
      <select {...attributes} value={value} onChange={({ target }) => set(target.value)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {choices.map((each) => (
          <option key={each.value} value={each.value}>
            {each.text}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** Several of a few. */
export const ManyField = ({
  name,
  label,
  values,
  set,
  choices,
}: Props & {
  readonly values: readonly string[];
  readonly set: (values: readonly string[]) => void;
  readonly choices: readonly Choice[];
}) => {
  const fault = useContext(Faults).get(name);
  return (
    <fieldset className={fault ? 'field wrong' : 'field'} id={idOf(name)} tabIndex={-1}>
      <legend>{label}</legend>
      {fault && <p className="wrong-text">{fault}</p>}
      <div className="choices">
        {choices.map(({ value, text }) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={values.includes(value)}
              onChange={({ target }) =>
                set(target.checked ? [...values, value] : values.filter((each) => each !== value))
              }
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
};

/** A list that is added to one by one, from many. */
export const TagsField = ({
  values,
  set,
  choices,
  add,
  remove,
  ...field
}: Props & {
  readonly values: readonly string[];
  readonly set: (values: readonly string[]) => void;
  readonly choices: readonly Choice[];
  readonly add: string;
  readonly remove: (text: string) => string;
}) => {
  const textOf = (value: string): string => choices.find((each) => each.value === value)?.text ?? value;
  return (
    <Field {...field}>
      {(attributes) => (
        <>
          {values.map((value) => (
            <span className="tag" key={value}>
              {textOf(value)}
              <button
                type="button"
                aria-label={remove(textOf(value))}
                onClick={() => set(values.filter((each) => each !== value))}
              >
                ×
              </button>
            </span>
          ))}
          <select {...attributes} value="" onChange={({ target }) => target.value && set([...values, target.value])}>
            <option value="">{add}</option>
            {choices
              .filter(({ value }) => !values.includes(value))
              .map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
          </select>
        </>
      )}
    </Field>
  );
};
