<?php
session_start();
$clientId = 'your_client_id';
$redirectUri = 'https://yourapp.com/oauth/callback.php';
$apiUrl = 'https://your-domain.com';
// Generate state parameter for CSRF protection
$state = bin2hex(random_bytes(16));
$_SESSION['oauth_state'] = $state;
// Build authorization URL
$params = [
  'client_id' => $clientId,
  'redirect_uri' => $redirectUri,
  'response_type' => 'code',
  'scope' => 'read write',
  'state' => $state
];
$authUrl = $apiUrl . '/auth/oauth/authorize?' . http_build_query($params);
// Redirect to authorization page
header('Location: ' . $authUrl);
exit;
