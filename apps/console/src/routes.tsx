import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { Nothing } from './design/parts.tsx';
import { Frame } from './frame/frame.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: Nothing });
const framed = createRoute({ getParentRoute: () => root, id: 'framed', component: Frame });

/** Only texts stand in an address; what is empty is left out of it. */
const texts = (search: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? (value === '' ? [] : [[key, String(value)]]) : [],
    ),
  );

type Load = () => Promise<Record<string, unknown>>;
const page = <P extends string>(path: P, load: Load, name = 'default') =>
  createRoute({
    getParentRoute: () => framed,
    path,
    component: lazyRouteComponent(load as never, name as never) as never,
    validateSearch: texts,
  });
const bare = <P extends string>(path: P, name: string) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent((() => import('./session/sign-in.page.tsx')) as never, name as never) as never,
    validateSearch: texts,
  });

const tree = root.addChildren([
  bare('/sign-in', 'default'),
  bare('/signed-in', 'SignedIn'),
  framed.addChildren([
    page('/', () => import('./pages/home/home.page.tsx')),
    page('/decisions', () => import('./pages/decisions/decisions.page.tsx')),
    page('/materials', () => import('./pages/materials/materials.page.tsx')),
    page('/materials/$code', () => import('./pages/materials/material.page.tsx')),
    page('/projects', () => import('./pages/projects/projects.page.tsx')),
    page('/projects/propose', () => import('./pages/projects/propose.page.tsx')),
    page('/projects/$id', () => import('./pages/projects/project.page.tsx')),
    page('/pledges', () => import('./pages/pledges/pledges.page.tsx')),
    page('/stocks', () => import('./pages/stocks/stocks.page.tsx')),
    page('/stocks/declare', () => import('./pages/stocks/declare.page.tsx')),
    page('/briefs', () => import('./pages/briefs/briefs.page.tsx')),
    page('/briefs/$id', () => import('./pages/briefs/briefs.page.tsx'), 'BriefPage'),
    page('/groups', () => import('./pages/groups/groups.page.tsx')),
    page('/members', () => import('./pages/members/members.page.tsx')),
    page('/me', () => import('./pages/members/me.page.tsx')),
    page('/readings', () => import('./pages/readings/readings.page.tsx')),
    page('/recalls', () => import('./pages/recalls/recalls.page.tsx')),
    page('/history', () => import('./pages/history/history.page.tsx')),
  ]),
]);

/** Every page by its address. Pages are loaded when somebody is about to open them. */
export const router = createRouter({ routeTree: tree, defaultPreload: 'intent', defaultNotFoundComponent: Nothing });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
