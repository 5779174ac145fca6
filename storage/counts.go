package storage

import "context"

// CategoryCounts returns how many entries that are not hidden are filed under each category, by slug; a category
// without any is not in it. It walks an index of all entries.
func (s *Store) CategoryCounts(ctx context.Context) (map[string]int, error) {
	counts, err := s.counts(ctx, `SELECT category, count(*) FROM entry_categories GROUP BY category`)
	return counts, s.fault("count the entries of categories", err)
}

// counts reads a query of names and numbers.
func (s *Store) counts(ctx context.Context, query string, args ...any) (map[string]int, error) {
	rows, err := s.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := make(map[string]int)
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return nil, err
		}
		counts[name] = n
	}
	return counts, rows.Err()
}
