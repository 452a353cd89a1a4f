import { render } from 'preact';
import { App } from './app.js';
import './style/dashboard.css';

const root = document.getElementById('dashboard');
if (root === null) throw new Error('the page has no place for the dashboard');
render(<App />, root);
