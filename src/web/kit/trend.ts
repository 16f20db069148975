export interface TrendSeries { key: string; label: string; /** A colour of the theme, such as `accent`. */ color?: string }
export interface TrendPoint { /** What the horizontal axis says. */ label: string; values: Readonly<Record<string, number>> }
