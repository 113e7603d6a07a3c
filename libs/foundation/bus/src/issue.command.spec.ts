import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { busCommandOf, IssueCommand } from './issue.command.js';

describe('A domain command on the bus', () => {
  it('has a class of its own, under its own name', () => {
    const ProposeProject = busCommandOf('ProposeProject');
    expect(ProposeProject.name).toBe('ProposeProject');
    expect(busCommandOf('ProposeProject')).toBe(ProposeProject);
    expect(busCommandOf('ReviseProject')).not.toBe(ProposeProject);
  });
  it('is handled as every command is', () =>
    expect(Object.getPrototypeOf(busCommandOf('ProposeProject'))).toBe(IssueCommand));
});
