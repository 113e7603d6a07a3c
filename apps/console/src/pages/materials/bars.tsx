type Row = { readonly name: string; readonly value: number; readonly text: string };

const [NAME, WIDTH, FIGURE, ROW] = [150, 300, 70, 24];
/** Above this share one country alone is depended on: EU 2024/1252, article 1. */
const LIMIT = 65;

/** Shares in per cent as bars, with the limit of 65 %; the figures stand beside them and in a table below. */
export const Bars = ({ title, rows }: { title: string; rows: readonly Row[] }) => {
  if (rows.length === 0) return null;
  const height = rows.length * ROW + 4;
  const limit = NAME + (WIDTH * LIMIT) / 100;
  return (
    <svg
      viewBox={`0 0 ${NAME + WIDTH + FIGURE} ${height}`}
      width="100%"
      role="img"
      aria-label={`${title}: ${rows.map(({ name, text }) => `${name} ${text}`).join('; ')}`}
    >
      {rows.map(({ name, value, text }, at) => (
        <g key={name} transform={`translate(0 ${at * ROW})`}>
          <text x={NAME - 8} y={16} textAnchor="end">
            {name}
          </text>
          <rect className="bar" x={NAME} y={4} width={(WIDTH * Math.min(100, value)) / 100} height={ROW - 8} />
          <text x={NAME + (WIDTH * Math.min(100, value)) / 100 + 6} y={16}>
            {text}
          </text>
        </g>
      ))}
      <line className="axis" x1={limit} x2={limit} y1={0} y2={height} />
    </svg>
  );
};
