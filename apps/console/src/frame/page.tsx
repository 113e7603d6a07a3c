import { useEffect, useRef, type ReactNode } from 'react';

/** Whether a page has been shown already: the browser itself leads to the first. */
let isLater = false;

/**
 * A page under its heading.
 * @param tab what the browser's tab, history and task list show: never the title of a record that not everybody may know
 */
export const Page = ({
  title,
  tab = title,
  aside,
  children,
}: {
  title: string;
  tab?: string;
  aside?: ReactNode;
  children: ReactNode;
}) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => void (document.title = `${tab} · Lodestone`), [tab]);
  // After a change of page the reader stands at its heading.
  useEffect(() => {
    if (isLater) heading.current?.focus();
    isLater = true;
  }, []);
  return (
    <>
      <div className="between">
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        <div className="row">{aside}</div>
      </div>
      {children}
    </>
  );
};

/** Whether a record's title may stand in the tab: where anybody around the screen may read it. */
export const tabOf = (title: string, kind: string, { handling, level }: { handling: string; level: string }): string =>
  level === 'OPEN' && (handling === 'CLEAR' || handling === 'GREEN') ? title : kind;
