// A service with many people, made straight in the database.
import { psql } from './postgres';

/** Adds agents and active queues to the demo's service. Everybody has the chat right and sits in the first queue. */
export function crowd(url: string, agents: number, queues: number): void {
  psql(
    url,
    `WITH made AS (
       INSERT INTO account (id, email, name, password_hash, language, owner, created_at)
       SELECT gen_random_uuid(), 'crowd' || n || '@example.com', '상담원' || lpad(n::text, 3, '0'), '', 'ko', owner, created_at + n
       FROM generate_series(1, ${agents}) n, account WHERE email = 'agent1@example.com' RETURNING id
     ), members AS (
       INSERT INTO member (service_id, account_id, role) SELECT s.id, made.id, 'agent' FROM service s, made WHERE s.key = 'demo' RETURNING service_id, account_id
     )
     INSERT INTO member_right (service_id, account_id, code) SELECT service_id, account_id, 'chat' FROM members;
     INSERT INTO queue (id, service_id, name_ko, name_en, active, position, created_at)
     SELECT gen_random_uuid(), s.id, '대기열 ' || n, 'Queue ' || n, q.active, 1 + n, q.created_at + n
     FROM generate_series(1, ${queues}) n, service s JOIN queue q ON q.service_id = s.id WHERE s.key = 'demo' AND q.position = 1;
     INSERT INTO queue_member (queue_id, account_id)
     SELECT q.id, a.id FROM queue q, account a WHERE q.position = 1 AND a.email LIKE 'crowd%'`,
  );
}
