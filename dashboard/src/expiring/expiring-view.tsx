export function ExpiringView() {
  return <h1>ExpiringView </h1>;
}
